/* Leaky buckets of what is new, in tables of fixed size (kernel/bucket_tables.py says what lies where).
 *
 * A bucket is one time: when it has leaked empty (the generic cell rate algorithm of ITU-T I.371). A table is groups of
 * eight places; whatever is kept has two groups in which it may lie. Memory that outlives the process may hold the tables,
 * and a kill may come between any two stores: each is of a whole word, and a charge is stored before what was paid for. */
#include <stdatomic.h>

#include "kernel.h"

#define WAYS 8
#define NUMBER 15u /* bits of a bucket's key that say of which rule it is */
#define NOWHERE UINT64_MAX
#define LATEST INT64_C(6000000000000000000) /* later than any rule allows: sums with it do not overflow */

/* The finaliser of splitmix64: one to one, so that two values under one key never fall together. */
FM_INLINE uint64_t mixed(uint64_t x) {
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* Whoever finds the memory after a kill finds no store from after this without all from before it. */
FM_INLINE void in_order(void) { atomic_signal_fence(memory_order_seq_cst); }

FM_INLINE uint64_t key_of(uint64_t owner, uint64_t number) {
    uint64_t key = (owner & ~(uint64_t)NUMBER) | number;
    return key ? key : NUMBER + 1;
}

FM_INLINE uint64_t first_group(const fm_buckets *t, uint64_t key) { return key >> 4 & t->bucket_mask; }
FM_INLINE uint64_t second_group(const fm_buckets *t, uint64_t key) {
    return first_group(t, key) ^ ((key >> 34 & t->bucket_mask) | 1);
}

FM_INLINE uint64_t place_in(const fm_buckets *t, uint64_t group, uint64_t key) {
    for (uint64_t place = group * WAYS; place < group * WAYS + WAYS; place++)
        if (t->keys[place] == key)
            return place;
    return NOWHERE;
}

static uint64_t place_of(const fm_buckets *t, uint64_t key) {
    uint64_t place = place_in(t, first_group(t, key), key);
    return place != NOWHERE ? place : place_in(t, second_group(t, key), key);
}

/* Where the floors of a key lie: one in each of the two rows of its rule. */
FM_INLINE int64_t *floor_of(const fm_buckets *t, uint64_t key, unsigned row) {
    uint64_t slot = mixed(key + row + 1) & t->floor_mask;
    return t->floors + ((key & NUMBER) * 2 + row) * (t->floor_mask + 1) + slot;
}

FM_INLINE int64_t least_floor(const fm_buckets *t, uint64_t key) {
    int64_t a = *floor_of(t, key, 0), b = *floor_of(t, key, 1);
    return a < b ? a : b;
}

/* The place in a group that is free, or else whose bucket is the first to be empty; none that this request holds. */
static uint64_t cheapest(const fm_buckets *t, const uint64_t *held, uint64_t rules, uint64_t group, uint64_t best) {
    for (uint64_t place = group * WAYS; place < group * WAYS + WAYS; place++) {
        int taken = 0;
        for (uint64_t r = 0; r < rules; r++)
            taken |= held[r] == place;
        if (taken)
            continue;
        if (best == NOWHERE || (t->keys[best] && (!t->keys[place] || t->empty_at[place] < t->empty_at[best])))
            best = place;
    }
    return best;
}

/* A place for a bucket that has none. Whose it was leaves its time in the floors, from which newcomers start. */
static uint64_t claim(fm_buckets *t, const uint64_t *held, uint64_t rules, uint64_t key, int64_t empty_at, int64_t now) {
    uint64_t place = cheapest(t, held, rules, first_group(t, key), NOWHERE);
    if (place == NOWHERE || t->keys[place])
        place = cheapest(t, held, rules, second_group(t, key), place);
    uint64_t before = t->keys[place];
    if (before) {
        for (unsigned row = 0; row < 2; row++) {
            int64_t *at = floor_of(t, before, row);
            if (*at < t->empty_at[place])
                *at = t->empty_at[place];
        }
        t->counts[t->empty_at[place] > now ? FM_FOLDED : FM_FORGOTTEN_EMPTY]++;
        in_order();
        t->keys[place] = 0;
    } else
        t->counts[FM_BUCKETS]++;
    in_order();
    t->empty_at[place] = empty_at;
    in_order();
    t->keys[place] = key;
    in_order();
    return place;
}

FM_INLINE uint64_t age_now(const fm_buckets *t) { return 1 + (t->counts[FM_REMEMBERED] >> t->age_shift) % 255; }

FM_INLINE uint64_t other_group(const fm_buckets *t, uint64_t hash) {
    return (hash & t->known_mask) ^ (mixed(hash >> 8) & t->known_mask & ~(uint64_t)255);
}

/* Whether a group holds a hash, which is then as young as any. */
FM_INLINE int holds(fm_buckets *t, uint64_t group, uint64_t hash, uint64_t age) {
    for (uint64_t *entry = t->known + group * WAYS; entry < t->known + group * WAYS + WAYS; entry++)
        if (*entry && *entry >> 8 == hash >> 8) {
            if ((*entry & 255) != age)
                *entry = (hash & ~(uint64_t)255) | age;
            return 1;
        }
    return 0;
}

/* Put a hash where one of its groups is emptier, or in the place of the eldest of both. */
static void remember(fm_buckets *t, uint64_t hash) {
    uint64_t age = age_now(t), groups[2] = {hash & t->known_mask, other_group(t, hash)};
    uint64_t *free_at[2] = {NULL, NULL}, *eldest = NULL;
    uint64_t empty[2] = {0, 0}, eldest_age = 0;
    for (int g = 0; g < 2; g++)
        for (int way = 0; way < WAYS; way++) {
            uint64_t *entry = t->known + groups[g] * WAYS + way;
            uint64_t old = (age + 255 - (*entry & 255)) % 255;
            if (!*entry) {
                empty[g]++;
                free_at[g] = free_at[g] ? free_at[g] : entry;
            } else if (!eldest || old > eldest_age)
                eldest = entry, eldest_age = old;
        }
    uint64_t *to = free_at[empty[1] > empty[0]];
    if (!to) {
        to = eldest;
        t->counts[FM_FORGOTTEN]++;
    }
    *to = (hash & ~(uint64_t)255) | age;
    t->counts[FM_REMEMBERED]++;
}

/* Grant as many values of a request as every rule has room for, in order; see plain_buckets.py, which says the same. */
void fm_take(fm_buckets *t, const fm_rule *rules, fm_request *q) {
    uint64_t owner[FM_MOST_RULES], key[FM_MOST_RULES], held[FM_MOST_RULES], hash[FM_MOST_RULES];
    int64_t empty_at[FM_MOST_RULES];
    int64_t now = q->now;
    for (uint64_t r = 0; r < q->rules; r++)
        held[r] = NOWHERE;
    for (uint64_t r = 0; r < q->rules; r++) {
        owner[r] = mixed(q->actors[r] ^ rules[r].salt);
        key[r] = key_of(owner[r], rules[r].number);
        held[r] = place_of(t, key[r]);
        empty_at[r] = held[r] != NOWHERE ? t->empty_at[held[r]] : least_floor(t, key[r]);
        empty_at[r] = empty_at[r] > LATEST ? LATEST : empty_at[r];
    }
    q->refused_count = q->new_count = q->full = 0;
    q->wait = 0;
    for (uint64_t i = 0; i < q->values_count; i++) {
        uint64_t is_new = 0, full = 0, age = age_now(t);
        int64_t wait = 0;
        for (uint64_t r = 0; r < q->rules; r++) {
            hash[r] = mixed(q->values[i] ^ owner[r]);
            if (holds(t, hash[r] & t->known_mask, hash[r], age) || holds(t, other_group(t, hash[r]), hash[r], age))
                continue;
            is_new |= (uint64_t)1 << r;
            int64_t from = empty_at[r] > now ? empty_at[r] : now;
            int64_t over = from - now + rules[r].cost - rules[r].capacity;
            if (over > 0) {
                full |= (uint64_t)1 << r;
                wait = over > wait ? over : wait;
            }
        }
        q->refused[i] = full != 0;
        if (full) {
            q->wait = q->refused_count ? q->wait : wait;
            q->refused_count++;
            q->full |= full;
            continue;
        }
        q->new_count += is_new != 0;
        for (uint64_t r = 0; r < q->rules; r++) {
            if (!(is_new >> r & 1))
                continue;
            empty_at[r] = (empty_at[r] > now ? empty_at[r] : now) + rules[r].cost;
            if (held[r] == NOWHERE)
                held[r] = claim(t, held, q->rules, key[r], empty_at[r], now);
            else
                t->empty_at[held[r]] = empty_at[r];
        }
        in_order();
        for (uint64_t r = 0; r < q->rules; r++)
            if (is_new >> r & 1)
                remember(t, hash[r]);
    }
    for (uint64_t r = 0; r < q->rules; r++)
        q->ahead[r] = empty_at[r] > now ? empty_at[r] - now : 0;
    t->counts[FM_GRANTED_NEW] += q->new_count;
    t->counts[FM_REFUSED] += q->refused_count;
    t->counts[FM_ASKED] += q->values_count;
    if (q->values_count && (uint64_t)now > t->counts[FM_LATEST])
        t->counts[FM_LATEST] = (uint64_t)now;
}
