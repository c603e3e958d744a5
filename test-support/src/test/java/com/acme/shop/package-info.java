/** What the guide shows of an application that is tested in every phase. */
package com.acme.shop;
