"""How array nodes are made: each module builds one kind of node in its normal form, from nodes of the same graph."""
