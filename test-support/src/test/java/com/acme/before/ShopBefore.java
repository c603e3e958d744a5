package com.acme.before;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The version before. */
@SpringBootApplication
public class ShopBefore {}
