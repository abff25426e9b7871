"""The measures of orgnet beside networkx and python-louvain, on the same graph."""
