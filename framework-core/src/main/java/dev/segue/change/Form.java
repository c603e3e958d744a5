package dev.segue.change;

/** How the columns of one side become those of the other: inside the database, or only in Java. */
public sealed interface Form permits SqlForm, JavaForm {}
