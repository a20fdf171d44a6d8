"""Pilots of the reform: enterprises, industrial parks and industrial chains."""
