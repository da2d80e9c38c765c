"""What pages look like, whatever they show."""
