package dev.segue.sample.show;

/** A change of one column of the table {@code customer}. */
record ShownChange(String id, String oldColumn, String newColumn) {

    static final ShownChange NAME = new ShownChange("customer-full-name", "name", "full_name");
    static final ShownChange PHONE = new ShownChange("customer-phone-number", "phone", "phone_number");

    /** The configuration property of that name for this change. */
    String property(String name) {
        return "segue.changes." + id + "." + name;
    }
}
