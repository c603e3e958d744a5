package dev.segue.spring;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** Why an action has not been taken, and what to do instead. Nothing has been changed. */
public record Refusal(String message, String remedy) {

    WebEndpointResponse<Object> withStatus(int status) {
        return new WebEndpointResponse<>(this, status);
    }
}
