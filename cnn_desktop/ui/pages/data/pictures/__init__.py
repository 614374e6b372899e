"""What the tab “Pictures” of the Data page is made of."""
