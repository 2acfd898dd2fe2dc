"""Instructions that take the same time whatever their data are.

Families of simple integer, vector and mask instructions, as compilers make them of this kernel. They were listed by
what is commonly known of x86 processors, and not compared line by line with what makers publish: Intel has a list of
instructions whose timing is independent of their operands, AMD has none. An instruction that is missing here may be
steady all the same: the check then fails, and somebody has to look. Products of vectors are steady on some of Intel's
processors only while MXCSR, the register that rules floating point numbers, holds `STEADY_MXCSR`, with an `lfence`
between its loading and them (Intel, "MXCSR Configuration Dependent Timing", 2022).

Division is not here, nor is anything on floating point numbers, `pdep`, `pext` (microcode on some processors), string
instructions, or a conditional jump.
"""

from __future__ import annotations

import re

_INTEGERS = """
    mov movzx movsx movsxd movbe lea push pop xchg bswap
    add adc adcx adox sub sbb and andn or xor not neg inc dec cmp test
    shl shr sar shld shrd shlx shrx sarx rol ror rorx bt
    mul mulx imul cbw cwde cdqe cwd cdq cqo
    set(o|no|b|ae|e|ne|be|a|s|ns|p|np|l|ge|le|g) cmov(o|no|b|ae|e|ne|be|a|s|ns|p|np|l|ge|le|g)
"""
_VECTORS = """
    v?mov(d|q|dqa|dqu|aps|apd|ups|upd|hps|hpd|lps|lpd|hlps|lhps|ntdq|ddup) vmovdq[au](8|16|32|64)
    v?p(add|sub)[bwdq] v?pmul(udq|dq|lw|hw|huw) vpmadd52[lh]uq v?pmadd(wd|ubsw)
    v?p(and|andn|or|xor)[dq]? v?(and|andn|or|xor)p[sd] vpternlog[dq]
    v?ps(ll|rl|ra)[wdq] v?ps(ll|rl)dq vps(ll|rl|ra)v[wdq] vpro[lr]v?[dq]
    v?pshuf(b|d|hw|lw) v?shufp[sd] vshuf[if](32x4|64x2) v?palignr valign[dq]
    v?punpck[lh](bw|wd|dq|qdq) v?pack[us]s(wb|dw) v?unpck[lh]p[sd]
    vperm(q|d|ps|pd|w|b) vperm[it]2(q|d|ps|pd|w|b) vperm2[if]128 vpermilp[sd]
    vp?broadcast([bwdqi]|ss|sd|[if](128|32x2|32x4|64x2|32x8|64x4)|mb2q|mw2d) v?p(insr|extr)[bwdq]
    v(insert|extract)[if](128|32x4|64x2|32x8|64x4)
    v?pblendw vpblendd v?pblendvb v?blend(v?p[sd]) vpblendm[bwdq] vblendmp[sd]
    v?pcmp(eq|gt)[bwdq] vpcmpu?[bwdq] vptestn?m[bwdq] v?p(min|max)[us][bwdq] v?pmovmskb v?movmskp[sd]
    v?pmov[sz]x(bw|bd|bq|wd|wq|dq) vpmov([bwdq]2m|m2[bwdq]|qd|qw|qb|dw|db|wb) v?pabs[bwdq]
    k(mov|and|andn|or|xor|xnor|not|shiftl|shiftr|add|ortest|test)[bwdq] kunpck(bw|wd|dq)
    sha256(rnds2|msg1|msg2) vzeroupper vzeroall
"""
_PRODUCTS = "v?pmul(udq|dq|lw|ld|lq|hw|huw|hrsw) vpmadd52[lh]uq v?pmadd(wd|ubsw) vplzcnt[dq]"
STEADY = re.compile("|".join((_INTEGERS + _VECTORS).split()))
BY_MXCSR = re.compile("|".join(_PRODUCTS.split()))
STEADY_MXCSR = 0x1FBF


def is_steady(mnemonic: str) -> bool:
    """Whether an instruction takes the same time for all data.

    >>> is_steady("vpmadd52luq"), is_steady("cmovae"), is_steady("idiv")
    (True, True, False)
    """
    return STEADY.fullmatch(mnemonic) is not None


def needs_mxcsr(mnemonic: str) -> bool:
    """Whether it does so only under `STEADY_MXCSR`.

    >>> needs_mxcsr("vpmadd52luq"), needs_mxcsr("vpaddq"), needs_mxcsr("mulx")
    (True, False, False)
    """
    return BY_MXCSR.fullmatch(mnemonic) is not None
