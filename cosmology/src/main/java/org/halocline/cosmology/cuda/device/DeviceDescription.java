package org.halocline.cosmology.cuda.device;

/**
 * What a device is and how it is reached, for people.
 *
 * @param name such as {@code NVIDIA H100 80GB HBM3}
 * @param ordinal its number among the visible devices: CUDA_VISIBLE_DEVICES hides and reorders them
 * @param memoryBytes all of its memory
 * @param major major number of its compute capability
 * @param minor minor number of its compute capability
 * @param driver the newest CUDA version that its driver knows, such as {@code 12.4}
 * @param fft library and version, such as {@code cuFFT 11.4.1}
 * @param fftReason how that library is bound and why no other
 */
public record DeviceDescription(String name, int ordinal, long memoryBytes, int major, int minor, String driver,
    String fft, String fftReason) {}
