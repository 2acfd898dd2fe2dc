"""What NVIDIA's compiler makes of the kernels, PTX, as C: to run it without a graphics card.

Knows no more of PTX (https://docs.nvidia.com/cuda/parallel-thread-execution/) than the kernels are compiled to, and
refuses the rest. An access to memory that is not aligned, which a card refuses, ends the program.
"""

import re

TYPES = {
    f"{kind}{bits}": f"{'' if kind == 's' else 'u'}int{bits}_t" for kind in "sub" for bits in (8, 16, 32, 64)
}
TYPES["pred"] = "uint8_t"
SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "rem": "%", "and": "&", "or": "|", "xor": "^"}
COMPARISONS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
SPECIAL = {"%tid.x": "(uint32_t)fm_thread", "%ctaid.x": "0", "%ntid.x": "0"}
BEGIN = """
#include <stdint.h>
#include <stdlib.h>

size_t fm_thread;

static inline uintptr_t aligned(uintptr_t at, unsigned size) {
    if (at % size)
        abort();
    return at;
}
static inline uint32_t prmt(uint32_t a, uint32_t b, uint32_t choice) {
    uint64_t both = (uint64_t)b << 32 | a;
    uint32_t made = 0;
    for (int i = 0; i < 4; i++) {
        uint32_t one = choice >> (4 * i) & 15, byte = both >> (8 * (one & 7)) & 255;
        made |= (one & 8 ? (byte >> 7) * 255 : byte) << (8 * i);
    }
    return made;
}
static inline uint64_t bfi(uint64_t bits, uint64_t into, uint32_t at, uint32_t count) {
    uint64_t own = (count > 63 ? ~0ULL : (1ULL << count) - 1) << at;
    return (into & ~own) | (bits << at & own);
}
"""
FUNCTION = re.compile(
    r"^(\.visible \.entry|\.func)\s*(\([^)]*\))?\s*(\w+)\(\s*(.*?)\s*\)\n.*?^\{\n(.*?)^\}",
    re.MULTILINE | re.DOTALL,
)
TABLE = re.compile(
    r"^\.(?:global|const) \.align (\d+) \.b8 (\w+)\[(\d+)\] = (\{.*?\});", re.MULTILINE | re.DOTALL
)
STATEMENT = re.compile(r"\s*(\{(?!\s*%)|\}|\w+:|[^;{}]*(?:\{[^{}]*\}[^;{}]*)*;)")


class Unknown(Exception):
    """An instruction that is not translated."""


def translate(ptx):
    """The text of a C file with the same entries, whose arguments are words of 64 bits."""
    ptx = re.sub(r"//[^\n]*", "", ptx).replace("$", "dollar_")
    tables = [
        f"static const uint8_t __attribute__((aligned({align}))) {name}[{size}] = {values};"
        for align, name, size, values in TABLE.findall(ptx)
    ]
    heads, bodies = [], []
    for kind, result, name, parameters, body in FUNCTION.findall(ptx):
        taken = [line.split()[-1].split("[")[0] for line in parameters.split(",") if line.strip()]
        head = f"{'uint64_t' if result else 'void'} {name}({', '.join(f'uint64_t {one}' for one in taken)})"
        heads.append(head if "entry" in kind else f"static {head}")
        begin, end = (
            "uint64_t carry = 0, func_retval0 = 0;",
            f"leave: return{' func_retval0' if result else ''};",
        )
        bodies.append(f"{heads[-1]} {{\n{begin}\n{_body(body)}\n{end}\n}}")
    return "\n".join([BEGIN, *tables, *[f"{head};" for head in heads], *bodies])


def _body(text):
    arrays, found = set(), []
    for match in STATEMENT.finditer(text):
        statement = " ".join(match[1].rstrip(";").split())
        if statement in {"{", "}"}:
            found.append(statement)
        elif statement.endswith(":"):
            found.append(f"{statement};")
        elif statement.startswith("."):
            found.append(_declaration(statement, arrays))
        elif statement:
            guard = re.match(r"@(!?)%(\w+) ", statement)
            condition = f"if ({guard[1]}{guard[2]}) " if guard else ""
            found.append(f"{condition}{{ {_instruction(statement[guard.end() if guard else 0 :], arrays)} }}")
    return "\n".join(found)


def _declaration(text, arrays):
    if match := re.fullmatch(r"\.reg \.(\w+) %(\w+)<(\d+)>", text):
        return f"{TYPES[match[1]]} {', '.join(f'{match[2]}{n} = 0' for n in range(int(match[3])))};"
    if match := re.fullmatch(r"\.(?:reg|param) \.(\w+) %?(\w+)", text):
        arrays.discard(match[2])
        return f"{TYPES[match[1]]} {match[2]} = 0;"
    if match := re.fullmatch(r"\.(?:local|param) \.align (\d+) \.b8 (\w+)\[(\d+)\]", text):
        arrays.add(match[2])
        return f"uint8_t __attribute__((aligned({match[1]}))) {match[2]}[{match[3]}];"
    if text.startswith(".pragma"):
        return ""
    raise Unknown(text)


def _operand(text):
    if text in SPECIAL:
        return SPECIAL[text]
    if re.fullmatch(r"-?\d+", text):
        return f"(uint64_t){text}ULL" if text[0] != "-" else f"(0 - (uint64_t){text[1:]}ULL)"
    return f"(uint64_t){text}" if text[0] != "%" else text[1:]


def _instruction(text, arrays):
    code, _, rest = text.partition(" ")
    name, *marks = code.split(".")
    if name == "bra":
        return f"goto {rest};"
    if name == "ret":
        return "goto leave;"
    if name == "call":
        result, function, given = re.fullmatch(r"(?:\((\w+)\), )?(\w+), \( ?(.*?) ?\)", rest).groups()
        passed = ", ".join(f"(uint64_t){one.strip()}" for one in given.split(","))
        return f"{f'{result} = ' if result else ''}{function}({passed});"
    operands = [one.strip() for one in re.split(r",(?![^{\[]*[}\]])", rest)]
    if name in {"ld", "st"}:
        return _access(name, marks, operands, arrays)
    if operands[0].startswith("{"):
        low, high = (_operand(one.strip()) for one in operands[0][1:-1].split(","))
        return f"uint64_t both = {_operand(operands[1])}; {low} = both; {high} = both >> 32;"
    if operands[-1].startswith("{"):
        low, high = (_operand(one.strip()) for one in operands[-1][1:-1].split(","))
        return f"{_operand(operands[0])} = (uint64_t)(uint32_t){high} << 32 | (uint32_t){low};"
    return _computed(name, marks, [_operand(one) for one in operands])


def _access(name, marks, operands, arrays):
    place, value = operands if name == "st" else reversed(operands)
    base, offset = re.fullmatch(r"\[(%?\w+)(?:\+(-?\d+))?\]", place).groups()
    kind = TYPES[marks[-1]]
    if "param" in marks and base[0] != "%" and base not in arrays:
        return f"{base} = {_operand(value)};" if name == "st" else f"{_operand(value)} = ({kind}){base};"
    values = [_operand(one.strip()) for one in value.strip("{}").split(",")]
    size = int(marks[-1][1:]) // 8
    at = f"aligned((uintptr_t){_operand(base)} + {offset or 0}, {size * len(values)})"
    cells = [f"(({kind} *)at)[{n}]" for n in range(len(values))]
    pairs = zip(cells, values, strict=True) if name == "st" else zip(values, cells, strict=True)
    return f"uintptr_t at = {at}; " + " ".join(f"{left} = {right};" for left, right in pairs)


def _computed(name, marks, operands):
    to, a, b, c, d = [*operands, *[""] * 5][:5]
    if marks[-1] not in TYPES:
        raise Unknown(".".join([name, *marks]))
    kind = TYPES[marks[-1]]
    unsigned, bits = f"u{kind.lstrip('u')}", int(re.sub(r"\D", "", kind))
    if name in {"mov", "cvta"}:
        return f"{to} = {a};"
    if name == "cvt":
        return f"{to} = ({TYPES[marks[-2]]})({kind}){a};"
    if name in {"add", "addc"} and ("cc" in marks or name == "addc"):
        total = f"(unsigned __int128)({unsigned}){a} + ({unsigned}){b}{' + carry' if name == 'addc' else ''}"
        return f"unsigned __int128 sum = {total}; {to} = sum;" + (
            f" carry = sum >> {bits};" if "cc" in marks else ""
        )
    if name == "mul" and "wide" in marks:
        wide = kind.replace(str(bits), str(2 * bits))
        return f"{to} = ({wide})({kind}){a} * ({wide})({kind}){b};"
    if name == "mul" and "hi" in marks:
        return f"{to} = (unsigned __int128)({unsigned}){a} * ({unsigned}){b} >> {bits};"
    if name == "mad" and "lo" in marks:
        return f"{to} = ({unsigned}){a} * ({unsigned}){b} + ({unsigned}){c};"
    if name in SIGNS:
        own = kind if name in {"div", "rem"} else unsigned
        return f"{to} = ({own}){a} {SIGNS[name]} ({own}){b};"
    if name == "not":
        return f"{to} = {'!' if marks == ['pred'] else '~'}{a};"
    if name == "neg":
        return f"{to} = 0 - ({unsigned}){a};"
    if name == "abs":
        return f"{to} = ({kind}){a} < 0 ? 0 - ({unsigned}){a} : ({unsigned}){a};"
    if name in {"shl", "shr"}:
        beyond = f"({kind}){a} >> {bits - 1}" if kind[0] == "i" else "0"
        sign = "<<" if name == "shl" else ">>"
        return f"{to} = (uint32_t){b} < {bits} ? ({kind}){a} {sign} ((uint32_t){b} & {bits - 1}) : {beyond};"
    if name == "setp" and len(marks) == 2:
        return f"{to} = ({kind}){a} {COMPARISONS[marks[0]]} ({kind}){b};"
    if name == "selp":
        return f"{to} = {c} ? {a} : {b};"
    if name in {"min", "max"}:
        return f"{to} = ({kind}){a} {'<' if name == 'min' else '>'} ({kind}){b} ? {a} : {b};"
    if name == "prmt" and marks == ["b32"]:
        return f"{to} = prmt({a}, {b}, {c});"
    if name == "bfi" and marks == ["b64"]:
        return f"{to} = bfi({a}, {b}, {c}, {d});"
    raise Unknown(".".join([name, *marks]))
