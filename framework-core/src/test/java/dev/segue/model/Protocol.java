package dev.segue.model;

import java.util.List;

/**
 * Everything that can happen next in a state of the world. What may be done is asked of the production rule, through
 * the {@link ControlPlane}; how transactions and DDL behave is written in the actors.
 *
 * <p>The value of an attribute is 0 or 1 and both conversions are the identity, so that a side that is behind shows.
 */
final class Protocol {

    private final ControlPlane control;
    private final List<Actor> actors;

    Protocol(World world, Mutation mutation) {
        this.control = new ControlPlane(world, mutation);
        this.actors = List.of(
                new SchemaWork(control),
                new Passes(control),
                new Upkeep(control),
                new UnregisteredWriter(control),
                new Nodes(control),
                new Sessions(control));
    }

    void successors(int[] state, Actor.Successors successors) {
        control.about(state);
        for (Actor actor : actors) {
            actor.stepsFrom(state, successors);
        }
    }
}
