/* Is this text one whole JSON value?
 *
 * Answers are checked before they are believed: half a page, or a proxy's HTML with status 200, must
 * not pass for data.  cJSON would do, but accepts text after the value, and costs five times more on
 * a page of orders.  Strict: RFC 8259, no more than 1,000 levels deep, nothing but white space around.
 */
#ifndef LIB_WELLFORMED_H
#define LIB_WELLFORMED_H

#include <stdbool.h>
#include <stddef.h>

bool wellformed(const char *text, size_t size);

#endif
