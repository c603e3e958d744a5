@NullMarked
package dev.segue.test.kit;

import org.jspecify.annotations.NullMarked;
