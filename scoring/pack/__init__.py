"""The decision pack: everything a round was decided by, as one PDF that comes out the same, byte for byte, whenever it is rebuilt.

`parts` names the chapters; other packages add theirs. `facts` gathers them as plain values, ordered by reference and moment and
never by key, so that two databases with the same record give the same pack.
"""
