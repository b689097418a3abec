package org.halocline.cosmology.fft.vector;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.function.IntConsumer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Writes the instructions of one method on integers and on float vectors of {@link Lanes#SPECIES}. Every value is a
 * local variable, named by its number; every operation makes a new one.
 */
record VectorCode(CodeBuilder code) {
  private static final ClassDesc LANES = description(Lanes.class);
  private static final ClassDesc VECTOR = description(FloatVector.class);
  private static final ClassDesc ANY_VECTOR = description(Vector.class);
  private static final ClassDesc SPECIES = description(VectorSpecies.class);
  private static final ClassDesc FLOATS = ConstantDescs.CD_float.arrayType();

  private static ClassDesc description(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }

  private int storedInt() {
    int local = code.allocateLocal(TypeKind.INT);
    code.istore(local);
    return local;
  }

  private int storedReference() {
    int local = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(local);
    return local;
  }

  /** A field of the object whose method this is. */
  int field(Class<?> owner, String name, Class<?> type) {
    code.aload(0).getfield(description(owner), name, description(type));
    return type == int.class ? storedInt() : storedReference();
  }

  int constant(int value) {
    code.loadConstant(value);
    return storedInt();
  }

  int add(int a, int b) {
    code.iload(a).iload(b).iadd();
    return storedInt();
  }

  int times(int a, int b) {
    code.iload(a).iload(b).imul();
    return storedInt();
  }

  int dividedBy(int a, int constant) {
    code.iload(a).loadConstant(constant).idiv();
    return storedInt();
  }

  int element(int ints, int at) {
    code.aload(ints).iload(at).iaload();
    return storedInt();
  }

  int length(int ints) {
    code.aload(ints).arraylength();
    return storedInt();
  }

  /** Repeats what the body writes for 0 … limit − 1. */
  void loop(int limit, IntConsumer body) {
    Label again = code.newLabel();
    Label done = code.newLabel();
    int at = constant(0);
    code.labelBinding(again).iload(at).iload(limit).if_icmpge(done);
    body.accept(at);
    code.iinc(at, 1).goto_(again).labelBinding(done);
  }

  void end() {
    code.return_();
  }

  private CodeBuilder species() {
    return code.getstatic(LANES, "SPECIES", SPECIES);
  }

  /** The vector at floats[a + b]. */
  int load(int floats, int a, int b) {
    species().aload(floats).iload(a).iload(b).iadd()
        .invokestatic(VECTOR, "fromArray", MethodTypeDesc.of(VECTOR, SPECIES, FLOATS, ConstantDescs.CD_int));
    return storedReference();
  }

  /** Writes a vector to floats[a + b]. */
  void store(int vector, int floats, int a, int b) {
    code.aload(vector).aload(floats).iload(a).iload(b).iadd().invokevirtual(VECTOR, "intoArray",
        MethodTypeDesc.of(ConstantDescs.CD_void, FLOATS, ConstantDescs.CD_int));
  }

  int broadcast(float value) {
    species().loadConstant(value);
    return broadcast();
  }

  /** The float at floats[at + offset] in all lanes. */
  int broadcast(int floats, int at, int offset) {
    species().aload(floats).iload(at).loadConstant(offset).iadd().faload();
    return broadcast();
  }

  private int broadcast() {
    code.invokestatic(VECTOR, "broadcast", MethodTypeDesc.of(VECTOR, SPECIES, ConstantDescs.CD_float));
    return storedReference();
  }

  int plus(int a, int b) {
    return of("add", a, b);
  }

  int minus(int a, int b) {
    return of("sub", a, b);
  }

  int product(int a, int b) {
    return of("mul", a, b);
  }

  private int of(String operation, int a, int b) {
    code.aload(a).aload(b).invokevirtual(VECTOR, operation, MethodTypeDesc.of(VECTOR, ANY_VECTOR));
    return storedReference();
  }

  /** a · b + c, rounded once. */
  int fma(int a, int b, int c) {
    code.aload(a).aload(b).aload(c).invokevirtual(VECTOR, "fma", MethodTypeDesc.of(VECTOR, ANY_VECTOR, ANY_VECTOR));
    return storedReference();
  }
}
