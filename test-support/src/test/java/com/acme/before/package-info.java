/** The application of a reader of the guide, as it was before the change. */
package com.acme.before;
