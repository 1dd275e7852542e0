"""Planning by hand: a drawing that is edited step by step, the patrol asked for, and the plans that follow from both.

``document``, ``edits``, ``cutting``, ``snapping``, ``history``, ``orders``, ``saved``, ``files`` and
``evaluate`` know no Qt; the rest shows them.
"""
