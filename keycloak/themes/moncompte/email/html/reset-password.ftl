<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello/>
<@layout.paragraph>${msg("resetPasswordIntro")}</@layout.paragraph>
<@layout.button href=link label=msg("resetPasswordButton")/>
<@layout.paragraph>${msg("resetPasswordLifetime", linkHours)}</@layout.paragraph>
<@layout.paragraph>${msg("resetPasswordNotYou")}</@layout.paragraph>
</@layout.emailLayout>
