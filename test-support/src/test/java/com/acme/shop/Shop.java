package com.acme.shop;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The application of a reader of the guide. */
@SpringBootApplication
public class Shop {}
