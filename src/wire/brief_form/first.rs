//! What records of format 1 left out of `resolved`: whatever names no product and was as in the request.

use super::super::pb;

/// Fills it in.
pub fn restore_first(decision: &mut pb::Decision) {
    let (Some(request), Some(resolved)) = (&decision.request, &mut decision.resolved) else {
        return;
    };
    fill_in(&mut resolved.activation, &request.activation);
    fill_in(&mut resolved.agreement, &request.agreement);
    if let (Some(asked), Some(image)) = (&request.image, &mut resolved.image) {
        fill_in(&mut image.media, &asked.media);
        fill_in(&mut image.deployment, &asked.deployment);
        fill_in(&mut image.performed_by, &asked.performed_by);
    }
    let asked = request.device.iter().flat_map(|device| &device.licenses);
    let resolved = resolved.device.iter_mut().flat_map(|device| &mut device.licenses);
    for (asked, license) in asked.zip(resolved) {
        fill_in(&mut license.channel, &asked.channel);
        fill_in(&mut license.kind, &asked.kind);
        fill_in(&mut license.software_assurance, &asked.software_assurance);
    }
}

fn fill_in<T: Default + PartialEq + Clone>(field: &mut T, told: &T) {
    if *field == T::default() {
        field.clone_from(told);
    }
}
