/**
 * What every rank of a domain runs: the program of a chain, its commands and replies, and what a program may use. A
 * module adds programs by a {@link org.halocline.domain.program.RankProgramFactory}.
 */
package org.halocline.domain.program;
