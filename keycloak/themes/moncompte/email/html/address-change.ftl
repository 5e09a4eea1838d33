<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello/>
<@layout.paragraph>${msg("addressChangeIntro")}</@layout.paragraph>
<@layout.fact label=msg("addressChangeCurrent") value=maskedAddress/>
<@layout.button href=link label=msg("addressChangeButton")/>
<@layout.paragraph>${msg("activationLifetime", linkHours)} ${msg("addressChangeOther")}</@layout.paragraph>
<@layout.paragraph>${msg("addressChangeNotYou")}</@layout.paragraph>
</@layout.emailLayout>
