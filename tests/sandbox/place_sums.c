/* The sums of an order, in ten-thousandths.
 *
 * BigCommerce's own example (order 218) is the model: totals count lines before discounts, the
 * discounts are taken off with tax in them, and the tax is what is in the rest:
 *
 *   total_inc = subtotal_inc + shipping_inc + handling_inc + wrapping_inc - discount - coupon
 *   total_tax = tax of the discounted lines + shipping_tax + handling_tax + wrapping_tax
 *   total_ex  = total_inc - total_tax
 *
 * The side that prices are entered on is exact, the other one is rounded to `step`: of each line, or as switch
 * bc_tax_rounding says: of each piece, or of the order alone (then lines tell all four decimals). */
#include "place_p.h"

static void to_cents(int64_t *amount)
{
	*amount = money_divide(*amount, 100) * 100;
}

/* Whether it is the tax that is rounded, not the side that it is added to or taken from. */
static bool rounds_tax(void)
{
	return switch_is("bc_tax_rounding", "line") || switch_is("bc_tax_rounding", "unit");
}

static int64_t tax_within(const struct place_order *o, int64_t gross, int64_t rate)
{
	int64_t tax = gross - money_without_tax(gross, rate, rounds_tax() ? 1 : o->step);

	if (rounds_tax())
		to_cents(&tax);
	return tax;
}

static void apply_tax(const struct place_order *o, struct place_cost *cost)
{
	if (rounds_tax()) {
		int64_t tax = money_with_tax(cost->base, cost->rate, 1) - cost->base;
		if (o->inclusive)
			tax = tax_within(o, cost->base, cost->rate);
		to_cents(&tax);
		cost->inc = cost->base + (o->inclusive ? 0 : tax);
		cost->ex = cost->inc - tax;
	} else if (o->inclusive) {
		cost->inc = cost->base;
		cost->ex = money_without_tax(cost->base, cost->rate, o->step);
	} else {
		cost->ex = cost->base;
		cost->inc = money_with_tax(cost->base, cost->rate, o->step);
	}
}

static void add_cost(struct place_cost *sum, const struct place_cost *cost)
{
	sum->base += cost->base;
	sum->ex += cost->ex;
	sum->inc += cost->inc;
}

static void sum_line(const struct place_order *o, struct place_line *l)
{
	struct place_cost each = {.base = l->price, .rate = l->rate};
	struct place_cost all = {.base = l->price * l->quantity, .rate = l->rate};

	apply_tax(o, &each);
	apply_tax(o, &all);
	if (switch_is("bc_tax_rounding", "unit")) {
		all.ex = each.ex * l->quantity;
		all.inc = each.inc * l->quantity;
	}
	l->price_ex = each.ex;
	l->price_inc = each.inc;
	l->total_ex = all.ex;
	l->total_inc = all.inc;
	apply_tax(o, &l->wrapping);
}

/* Share out amount over the lines in proportion to what they cost: rounding the running sum leaves
 * nothing over. */
static void share_out(struct place_order *o, int64_t amount, bool coupon)
{
	int64_t weight = 0, running = 0, given = 0;

	for (int i = 0; i < o->line_count; i++)
		weight += o->lines[i].total_inc - o->lines[i].discount;
	for (int i = 0; i < o->line_count && weight; i++) {
		running += o->lines[i].total_inc - o->lines[i].discount;
		int64_t until = (int64_t)(((__int128)amount * running + weight / 2) / weight);
		if (coupon)
			o->lines[i].coupon_share = until - given;
		else
			o->lines[i].discount_share = until - given;
		given = until;
	}
}

static int64_t tax_in(const struct place_order *o, const struct place_line *l)
{
	if (l->discounted == l->total_inc)
		return l->total_inc - l->total_ex;
	if (switch_is("bc_tax_rounding", "unit") && l->quantity > 1 &&
	    l->discounted % l->quantity == 0)
		return l->quantity * tax_within(o, l->discounted / l->quantity, l->rate);
	return tax_within(o, l->discounted, l->rate);
}

static void sum_taxes(struct place_order *o)
{
	o->subtotal_tax = 0;
	for (int i = 0; i < o->line_count; i++) {
		struct place_line *l = &o->lines[i];
		l->discounted = l->total_inc - l->discount - l->discount_share - l->coupon_share;
		l->tax = tax_in(o, l);
		o->subtotal_tax += l->tax;
	}
}

/* What the lines say about discounts and taxes; the sums are made. */
static void tell_taxes(struct place_order *o)
{
	bool on_lines = switch_is("bc_discount_on_lines", "yes");
	bool before = switch_is("bc_line_tax", "before");

	for (int i = 0; i < o->line_count; i++) {
		struct place_line *l = &o->lines[i];
		if (!on_lines) {
			l->discount_share = l->coupon_share = 0;
			l->discounted = l->total_inc - l->discount;
			l->tax = tax_in(o, l);
		}
		if (before)
			l->tax = l->total_inc - l->total_ex;
	}
}

static void sum_lines(struct place_order *o)
{
	int64_t order_discount = o->discount;

	for (int i = 0; i < o->line_count; i++) {
		struct place_line *l = &o->lines[i];
		sum_line(o, l);
		struct place_cost all = {l->price * l->quantity, l->total_ex, l->total_inc, 0};
		add_cost(&o->subtotal, &all);
		add_cost(&o->wrapping, &l->wrapping);
		o->discount += l->discount;
	}
	share_out(o, order_discount, false);
	share_out(o, o->coupon, true);
	sum_taxes(o);
	tell_taxes(o);
}

static void sum_costs(struct place_order *o)
{
	for (int i = 0; i < o->address_count; i++) {
		struct place_address *a = &o->addresses[i];
		apply_tax(o, &a->shipping);
		apply_tax(o, &a->handling);
		add_cost(&o->shipping, &a->shipping);
		add_cost(&o->handling, &a->handling);
	}
	for (int i = 0; i < o->fee_count; i++) {
		apply_tax(o, &o->fees[i].cost);
		add_cost(&o->fee_sum, &o->fees[i].cost);
	}
}

/* Lines tell four decimals, and the order its sums in cents. */
static void round_sums(struct place_order *o)
{
	struct place_cost *const sums[] = {&o->subtotal, &o->shipping, &o->handling, &o->wrapping};

	for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
		to_cents(&sums[i]->ex);
		to_cents(&sums[i]->inc);
	}
	to_cents(&o->subtotal_tax);
	to_cents(&o->total_tax);
	to_cents(&o->total.inc);
}

void place_sums(struct place_order *o)
{
	const struct place_cost *const parts[] = {&o->shipping, &o->handling, &o->wrapping,
						  &o->fee_sum};
	int count = switch_is("bc_fees_in_total", "yes") ? 4 : 3;

	sum_lines(o);
	sum_costs(o);
	o->total.inc = o->subtotal.inc - o->discount - o->coupon;
	o->total_tax = o->subtotal_tax;
	for (int i = 0; i < count; i++) {
		o->total.inc += parts[i]->inc;
		o->total_tax += parts[i]->inc - parts[i]->ex;
	}
	if (switch_is("bc_total_after_credit", "yes"))
		o->total.inc -= place_money(o->from, "store_credit", 0) +
				place_money(o->from, "gift_certificate", 0);
	if (switch_is("bc_tax_rounding", "order"))
		round_sums(o);
	o->total.ex = o->total.inc - o->total_tax;
}
