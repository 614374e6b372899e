"""What the tab “Findings” of the Data page is made of."""
