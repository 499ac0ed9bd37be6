"""The console commands, a file for each group; thin: parse, call one function, print."""
