"""What operators put around the program: mail hosts, proxies, servers in front, scrapers. Real ones."""
