/** A shop as any Spring Boot shop is: customers, orders, payments. All it knows of Segue are two annotations. */
@NullMarked
package dev.segue.sample.shop;

import org.jspecify.annotations.NullMarked;
