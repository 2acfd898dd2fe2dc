"""Follow a secret key through the machine code of the compiled kernel, and stop where time or an address shows it.

The code is run by an interpreter that knows everything but the key. Registers, flags and bytes of memory each have a
level (`memory.Level`): known, open (does not come from the key, but its value is not worked out) or secret (was
computed from the key). An instruction whose input is secret makes all of its outputs secret. The run stops with a
`Leak` at the first

- conditional jump, or indirect jump or call, that depends on a secret;
- address, of memory read or written, that depends on a secret, gathers and scatters included;
- instruction that works on a secret and is not known to take the same time for all data (`steady`), or does so only
  under a setting that is not made (`mxcsr`);
- masked store with a secret mask.

One run so holds for every key, since its value is never there. It takes the one way that what is not secret decides:
sizes and counts of inputs, and the answers that the code itself says may be known (`FM_PUBLIC` of c/oprf.h, an
instruction that does nothing). Afterwards it can be asked where secrets are left in memory and in registers, and how
deep in the stack they were.

What an instruction reads and writes, implicit operands, masks and flags included, is not written here: it is the
table of iced-x86. What is written here are the values of ordinary integer instructions, which decide loops and
addresses. A mistake there can take a wrong turn, and cannot make a secret public.
"""
