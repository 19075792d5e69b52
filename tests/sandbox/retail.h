/* A whole shop from an Online Retail CSV: orders, customers, products in both systems. */
#ifndef RETAIL_H
#define RETAIL_H

void retail_load(const char *path); /* plain or gzip; exits when it cannot read it */

#endif
