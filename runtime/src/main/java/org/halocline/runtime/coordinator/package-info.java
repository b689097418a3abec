/**
 * The coordinator: takes orders, deals lanes to jobs, starts jobs again after failures and answers questions about
 * them. One job that runs is its supervisor's business.
 */
package org.halocline.runtime.coordinator;
