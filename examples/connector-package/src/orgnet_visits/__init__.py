"""Lets orgnet read the list of visits that the reception's tablet exports."""
