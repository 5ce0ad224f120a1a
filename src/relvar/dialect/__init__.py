"""
What a dialect is: capabilities, types, text, reflection, and how to talk to one kind of driver.
"""
