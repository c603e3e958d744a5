package dev.segue.fleet;

/**
 * Who a node is.
 *
 * @param node unique among all nodes that ever were: host, process and a random part by default
 * @param application the application it runs; several may share a table
 * @param version of the application, as people name it
 */
public record NodeIdentity(String node, String application, String version) {}
