select distinct scope from layer
where not is_outdated;
