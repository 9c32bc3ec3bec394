"""What is said between page, session and kernel. Plain data; imports only `ids`."""
