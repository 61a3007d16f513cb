analyze judged, stopped;
