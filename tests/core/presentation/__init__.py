"""What pages say and show."""
