/* What each function of the field computes, as a sum of products of its arguments' parts, for Python to compare with
 * what it should compute (tools/prove_bounds.py). Arguments: the most that each limb of an element holds, then of a raw,
 * then of a frozen element, as bounds.c finds them; so nothing in here wraps either. */
#include "interval_vector.h"

#include FIELD

static vec unknown(char letter, int number, natural most) {
    char name[NAME];
    snprintf(name, sizeof name, "%c%d", letter, number);
    return (vec){0, most, 0, form_of_unknown(name, most)};
}

/* Every bit unknown by itself, so that it shows where each goes. */
static vec unknown_bits(char letter, int number, int bits) {
    vec all = lane_of(0);
    for (int bit = 0; bit < bits; bit++) {
        char name[NAME];
        snprintf(name, sizeof name, "%c%d.%d", letter, number, bit);
        const vec one = {0, 1, 0, form_of_unknown(name, 1)};
        all = ADD(all, lane_shifted_up(one, (unsigned)bit));
    }
    return all;
}

/* Limbs that hold more than 52 bits count without them: x0+ is then what may lie above in limb 0. */
static fe element(char letter, const natural *most) {
    fe x;
    for (int i = 0; i < LIMBS; i++) {
        if (most[i] >> 52 == 0) {
            x.l[i] = unknown(letter, i, most[i]);
            continue;
        }
        char name[NAME];
        snprintf(name, sizeof name, "%c%d+", letter, i);
        const vec junk = {0, most[i] >> 52, 0, form_of_unknown(name, most[i] >> 52)};
        x.l[i] = ADD(unknown(letter, i, ((natural)1 << 52) - 1), lane_shifted_up(junk, 52));
    }
    return x;
}

static void print(const char *name, const vec *lanes, int count) {
    for (int i = 0; i < count; i++) {
        CHECK(lanes[i].form, "bits overlap")
        printf("%s:", name);
        print_form(lanes[i].form);
        printf("\n");
    }
}

static void print_fe(const char *name, fe x) {
    const raw r = as_raw(x);
    print(name, r.l, LIMBS);
}

int main(int count, char **arguments) {
    natural most[3][LIMBS];
    CHECK(count == 1 + 3 * LIMBS, "three bounds for each limb")
    for (int i = 0; i < 3 * LIMBS; i++)
        most[i / LIMBS][i % LIMBS] = strtoull(arguments[1 + i], NULL, 0);
    forms_are_kept = true;

    const fe x = element('x', most[0]), y = element('y', most[0]);
    print_fe("as_raw", x);
    for (int biased = 0; biased < 2; biased++) {
        const raw product = mul_raw(&x, &y, biased), squared = square_raw(&x, biased);
        print(biased ? "mul_raw BIASED" : "mul_raw PLAIN", product.l, LIMBS);
        print(biased ? "square_raw BIASED" : "square_raw PLAIN", squared.l, LIMBS);
    }

    print_fe("mul", mul(&x, &y));
    print_fe("square", square(&x));

    raw r, s, above_s;
    for (int i = 0; i < LIMBS; i++) {
        r.l[i] = unknown('r', i, most[1][i]);
        s.l[i] = unknown('s', i, most[1][i]);
        above_s.l[i] = unknown('t', i, 2 * most[1][i]);
        above_s.l[i].least = most[1][i];
    }
    const raw sum = add(r, s), difference = sub(above_s, s), negative = sub(bias(), as_raw(x)), multiple_of_p = bias();
    print("add", sum.l, LIMBS);
    print("sub", difference.l, LIMBS);
    print("sub from bias", negative.l, LIMBS);
    print("bias", multiple_of_p.l, LIMBS);
    print_fe("carry", carry(r));

    vec words[4];
    for (int i = 0; i < 4; i++)
        words[i] = unknown_bits('w', i, 64);
    print_fe("unpack", unpack(words));
    fe clean;
    for (int i = 0; i < LIMBS; i++) {
        int bits = 0;
        while (most[2][i] >> bits)
            bits++;
        clean.l[i] = unknown_bits('c', i, bits);
    }
    pack(words, clean);
    print("pack", words, 4);

    const int before = unknowns_count;
    print_fe("freeze", freeze(x));
    for (int i = before; i < unknowns_count; i++) {
        printf("%s: 2^-%u", unknowns[i].name, unknowns[i].shift);
        print_form(unknowns[i].of);
        printf("\n");
    }
    return 0;
}
