/**
 * What a user touches: the command line, its live lines and tables, the doctor. It plans nothing and computes nothing
 * itself; jobs are checked, planned and run by the modules below.
 */
package org.halocline.ops;
