/* What every lane can hold at most in the whole evaluation, of all inputs and all keys.
 *
 * The templates run on intervals. `widest` begins as what inputs unpack to, and grows by whatever is carried, until
 * nothing new comes: then every element of the field that ever exists is within it, and every check was made. */
#include "interval_vector.h"

#define carry carry_of_the_template
#define unpack unpack_of_the_template
#define freeze freeze_of_the_template
#define mul_raw mul_raw_of_the_template
#define square_raw square_raw_of_the_template
#define mul mul_of_the_template
#define square square_of_the_template
#include FIELD
#undef carry
#undef unpack
#undef freeze
#undef mul_raw
#undef square_raw
#undef mul
#undef square

#define MOST_CARRIES 100

static fe widest, seen;
static raw largest, product[2], frozen;

static void widen(vec *all, const vec *one) {
    for (int i = 0; i < LIMBS; i++)
        all[i] = lane_union(all[i], one[i]);
}

static fe carried(fe x) {
    for (int i = 0; i < LIMBS; i++)
        x.l[i].carried = true;
    widen(seen.l, x.l);
    return x;
}

/* Each line of the formulas that carries a sum, and the most that a limb of it holds. */
static struct {
    const char *file;
    int line;
    natural most;
} carries[MOST_CARRIES];

static fe carry_at(raw r, const char *file, int line) {
    int i = 0;
    while (i < MOST_CARRIES && carries[i].file && (strcmp(carries[i].file, file) || carries[i].line != line))
        i++;
    CHECK(i < MOST_CARRIES, "more lines than there is room for")
    carries[i].file = file;
    carries[i].line = line;
    for (int j = 0; j < LIMBS; j++)
        carries[i].most = r.l[j].most > carries[i].most ? r.l[j].most : carries[i].most;
    widen(largest.l, r.l);
    return carried(carry_of_the_template(r));
}
#define carry(r) carry_at(r, __FILE__, __LINE__)

FM_INLINE fe unpack(const vec w[4]) { return carried(unpack_of_the_template(w)); }

FM_INLINE fe freeze(fe x) {
    const fe found = freeze_of_the_template(x);
    widen(frozen.l, found.l);
    return carried(found);
}

/* A factor was carried, unpacked or frozen. */
static void check_factor(const fe *x) {
    for (int i = 0; i < LIMBS; i++)
        CHECK(x->l[i].carried, "a factor was not carried")
}

FM_INLINE raw mul_raw(const fe *a, const fe *b, const int biased) {
    check_factor(a);
    check_factor(b);
    const raw found = mul_raw_of_the_template(a, b, biased);
    widen(product[biased].l, found.l);
    return found;
}

FM_INLINE raw square_raw(const fe *a, const int biased) {
    check_factor(a);
    const raw found = square_raw_of_the_template(a, biased);
    widen(product[biased].l, found.l);
    return found;
}

FM_INLINE fe mul(const fe *a, const fe *b) {
    widen(largest.l, mul_raw(a, b, PLAIN).l);
    return carried(mul_of_the_template(a, b));
}

FM_INLINE fe square(const fe *a) {
    widen(largest.l, square_raw(a, PLAIN).l);
    return carried(square_of_the_template(a));
}

#include "oprf/encode.h"
#include "oprf/map.h"
#include "oprf/multiply.h"
#include "oprf/sums.h"

#define COUNT 3

static void unpack_anything(fe *x) {
    vec words[4];
    for (int i = 0; i < 4; i++)
        words[i] = lane_up_to(MOST_WORD);
    *x = unpack(words);
}

/* Each function of the evaluation, of arguments as wide as can be; then all of it, stage by stage, as in batch.h. */
static void evaluate_anything(void) {
    const completed q = {widest, widest, widest, widest};
    const projective p = {widest, widest, widest, widest};
    const extended e = {widest, widest, widest, widest};
    const addend c = {widest, widest, widest, widest};
    completed found;
    projective as_projective;
    extended as_extended;
    addend as_addend;
    double_point(&found, &p);
    add_points(&found, &e, &c, NO_LANE);
    to_projective(&as_projective, &q);
    to_extended(&as_extended, &q);
    to_all(&as_projective, &as_extended, &as_addend, &q);
    start(&as_projective, &c);
    addend_of(&as_addend, &e);
    (void)off_curve(&q);
    (void)negate(widest);

    fe t[MAPS], inverse;
    completed mapped[MAPS];
    for (int i = 0; i < MAPS; i++)
        t[i] = widest;
    (void)map_to_points(mapped, t);
    invert(&inverse, &widest);

    vec uniform[MAPS / 2 + 1][8], words[COUNT][4];
    for (int i = 0; i < MAPS / 2; i++)
        for (int word = 0; word < 8; word++)
            uniform[i][word] = lane_up_to(MOST_WORD);
    completed elements[MAPS / 2 + 1];
    (void)elements_of(elements, uniform);

    projective multiples[COUNT];
    digits d;
    for (int i = 0; i < DIGITS; i++)
        d.of[i] = (int8_t)(i % 17 - 8);
    d.of[DIGITS - 1] = 8;
    for (int i = 0; i < COUNT; i++) {
        completed any = q;
        multiply(&multiples[i], &any, &d);
        multiples[i] = p;
    }
    encoding work[COUNT];
    (void)encode_doubles(words, multiples, COUNT, work);

    sums s;
    open_sums(&s);
    for (unsigned i = 0; i < 2 * WEIGHTS; i++)
        add_to_sums(&s, i % WEIGHTS + 1, &q, &work[0]);
    (void)close_sums(words, &s);
}

static bool same_fe(const fe *a, const fe *b) {
    for (int i = 0; i < LIMBS; i++)
        if (a->l[i].most != b->l[i].most)
            return false;
    return true;
}

static void print(const char *name, const vec *lanes, bool most) {
    printf("%s", name);
    for (int i = 0; i < LIMBS; i++)
        printf(" 0x%llx", (unsigned long long)(most ? lanes[i].most : lanes[i].least));
    printf("\n");
}

int main(void) {
    const raw least = bias();
    for (int i = 0; i < LIMBS; i++)
        product[PLAIN].l[i] = seen.l[i] = largest.l[i] = frozen.l[i] = lane_of(0), seen.l[i].carried = true;
    product[BIASED] = least;
    unpack_anything(&widest);
    widen(seen.l, widest.l);
    for (int round = 0;; round++) {
        CHECK(round < 20, "what is carried grows without end")
        evaluate_anything();
        if (same_fe(&seen, &widest))
            break;
        widest = seen;
    }
    print("carried", widest.l, true);
    print("product", product[PLAIN].l, true);
    print("biased", product[BIASED].l, true);
    print("bias", least.l, true);
    print("largest", largest.l, true);
    print("frozen", frozen.l, true);
    for (int i = 0; i < MOST_CARRIES && carries[i].file; i++)
        printf("%s:%d 0x%llx\n", strrchr(carries[i].file, '/') + 1, carries[i].line,
               (unsigned long long)carries[i].most);
    return 0;
}
