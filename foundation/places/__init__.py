"""The tree of places: province, city, county or zone, township, park, enterprise, department."""
