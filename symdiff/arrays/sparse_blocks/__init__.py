"""What of a derivative of arrays is not zero by structure: its blocks, read off the program and put together."""
