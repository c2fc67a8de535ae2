"""Tests of the door, and the misbehaving origin that other tests may borrow."""
