"""Pure library of warehouse algorithms: frozen input, frozen output, integers (mm, g, s).

Imports nothing of the house: no flask, no sqlalchemy, no clock, no global random. Seed and budget are arguments.
Compiled code (numba) and solvers (OR-Tools) are imported inside functions, so importing a module of this
package costs nothing and a web process never loads them by accident.
"""
