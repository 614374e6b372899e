"""How a number came to be: the patch, the kernel, the products, their sum, and torch's own number beside it."""
