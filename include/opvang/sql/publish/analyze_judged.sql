analyze judged, stopped, landing.breaches;
