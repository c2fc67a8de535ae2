"""What runs at its own pace: the daemon, the dispatcher, maintenance, the sharing of work."""
