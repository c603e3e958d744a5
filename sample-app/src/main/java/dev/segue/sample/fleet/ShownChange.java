package dev.segue.sample.fleet;

/** A change of one column of the table {@code customer}. */
public record ShownChange(String id, String oldColumn, String newColumn) {

    public static final ShownChange NAME = new ShownChange("customer-full-name", "name", "full_name");
    public static final ShownChange PHONE = new ShownChange("customer-phone-number", "phone", "phone_number");

    /** The configuration property of that name for this change. */
    public String property(String name) {
        return "segue.changes." + id + "." + name;
    }
}
