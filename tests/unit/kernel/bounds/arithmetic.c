/* The functions of a field on a processor's own lanes, for numbers from standard input: each case is the limbs of two
 * arguments, each result its limbs, all as words of 64 bits. The argument says which function. */
#include VECTOR

#include FIELD

#include <stdio.h>
#include <string.h>

typedef uint64_t columns[LIMBS][LANES];

static raw load_raw(const columns from) {
    raw r;
    for (int i = 0; i < LIMBS; i++)
        r.l[i] = load(from[i]);
    return r;
}

static fe load_fe(const columns from) {
    fe x;
    for (int i = 0; i < LIMBS; i++)
        x.l[i] = load(from[i]);
    return x;
}

static raw of_fe(fe x) {
    raw r;
    for (int i = 0; i < LIMBS; i++)
        r.l[i] = x.l[i];
    return r;
}

static raw packed(fe x) {
    vec words[4];
    pack(words, freeze(x));
    return of_fe(unpack(words));
}

static raw any_bit_of(fe x) {
    raw r;
    for (int i = 0; i < LIMBS; i++)
        r.l[i] = i ? ZERO() : any_bit(x);
    return r;
}

static raw compute(const char *what, const columns a, const columns b) {
    const fe x = load_fe(a), y = load_fe(b);
    if (!strcmp(what, "mul_raw PLAIN"))
        return mul_raw(&x, &y, PLAIN);
    if (!strcmp(what, "mul_raw BIASED"))
        return mul_raw(&x, &y, BIASED);
    if (!strcmp(what, "square_raw PLAIN"))
        return square_raw(&x, PLAIN);
    if (!strcmp(what, "square_raw BIASED"))
        return square_raw(&x, BIASED);
    if (!strcmp(what, "mul"))
        return of_fe(mul(&x, &y));
    if (!strcmp(what, "square"))
        return of_fe(square(&x));
    if (!strcmp(what, "sub"))
        return sub(bias(), as_raw(x));
    if (!strcmp(what, "carry"))
        return of_fe(carry(load_raw(a)));
    if (!strcmp(what, "any_bit"))
        return any_bit_of(freeze(x));
    return strcmp(what, "pack") ? of_fe(freeze(x)) : packed(x);
}

int main(int count, char **arguments) {
    uint64_t cases[LANES][2][LIMBS];
    for (size_t read; count == 2 && (read = fread(cases, sizeof cases[0], LANES, stdin));) {
        columns a, b, out;
        for (size_t lane = 0; lane < LANES; lane++)
            for (int i = 0; i < LIMBS; i++) {
                a[i][lane] = cases[lane < read ? lane : 0][0][i];
                b[i][lane] = cases[lane < read ? lane : 0][1][i];
            }
        const raw found = compute(arguments[1], a, b);
        for (int i = 0; i < LIMBS; i++)
            store(out[i], found.l[i]);
        for (size_t lane = 0; lane < read; lane++)
            for (int i = 0; i < LIMBS; i++)
                fwrite(&out[i][lane], sizeof out[i][lane], 1, stdout);
    }
    return 0;
}
