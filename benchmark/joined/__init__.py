"""A trial: LeNet's layers joined on a GPU. The benchmark's part ``gpu`` measures it.

It is no part of the package until it has been measured on a GPU, and was worth it.
"""
